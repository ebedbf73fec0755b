"""The demo's world: a private screen, local pages with planted false secrets, a scripted person, and a leak finder.

Nothing in it is part of the recorder: it plays the employee's desk and later looks for what should not have left it.
It talks to the loopback interface only, and every name, number and sentence that it plants is made up.
"""
