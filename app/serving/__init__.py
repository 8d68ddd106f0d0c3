"""How the house is reached: several doors, one event loop, one process, one app.

`listeners` runs the doors. `secure` keeps the certificate of the door to the network, and renews it while it is open;
`hello` is the page before that door, `addresses` and `names` are how it is found.
"""
