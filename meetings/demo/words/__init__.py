"""What the people of the demo company say. Slots: {gap} {amount} {rep} {deal} {other} {name} {account} {date} {value} {target}."""
