"""The house: everything the scripts in setup/ need, in one small module per concern.

state      where things are kept, locks, keys        postgres   private or given PostgreSQL servers
console    steps, elapsed time, one clear error line database   templates, clones, the demo database
machine    programs of the machine and how to get    browser    the Chromium of the tours
odoo_tree  Odoo 19 itself                            stages     what setup/test runs, one function a stage
python     the virtual environment                   leftovers  what an uninstall must not leave behind
addons     our manifests, the dependency closure     log_check  no WARNING or ERROR in an Odoo log
runner     an Odoo process and its configuration     environment the above, made ready in order
running    how a stage is run, and what counts       lanes      stages side by side

Until `python.enter` has run, only the standard library may be imported: the house builds its own Python.
"""
