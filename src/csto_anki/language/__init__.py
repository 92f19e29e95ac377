"""The words that the tool itself writes for learners, language by language.

What people write on cards is in the card files. In here is all else that a learner reads: dates, the forms of practice
questions, the words on the back of a card, the release notes and the website. Nothing in here knows cards or files.
"""
