"""What the people of the demo company write. Placeholders: {gap} {amount} {rep} {deal} {other} {name}
{account} {date} {value} {target}.
"""
