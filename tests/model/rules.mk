# The lease protocol as a model: spin visits every state (docs/TESTING.md).
MODEL_DEBS := spin
CHECK_DEBS += $(MODEL_DEBS)
.PHONY: model model-short

TORTURE  += model
PROOFS   += model-short
model-short:
	@tests/deps.sh $(MODEL_DEBS)
	@tests/model/check.sh $(B) short

model: ## every state of the lease protocol, and each mechanism taken out
	@tests/deps.sh $(MODEL_DEBS)
	@tests/model/check.sh $(B) full
