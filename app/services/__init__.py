"""One module per act. Each opens the one transaction that holds state, ledger entry and outbox row together."""
