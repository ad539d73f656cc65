"""Import tables of deals, accounts, contacts, revenue and changes from the exports of CRMs.

In order: opening (bytes as lines), columns (which CRM, which column), survey (what the rows show), doubts (what only a
person can say), kinds (a line as a typed row); reading puts them together, understanding is what others call. Nothing
is guessed silently.
"""
