"""What learners have, which is in the record of releases (`released.json`), and what has changed since.

This room compares two contents, decides which changes are sent to learners, puts the changes into words, and gives a
package its version and its times.
"""
