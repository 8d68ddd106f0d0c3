"""Add a member of staff, give a new password, or list who has an account."""

import getpass
import sys
from argparse import ArgumentParser, Namespace

from app.commands import folder
from app.commands.environment import Unready

ROLES = ("owner", "doctor", "nurse", "health_manager", "receptionist", "pharmacist", "read_only")


def add_arguments(parser: ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="add|passwd|nocode|list", required=True)
    add_one = verbs.add_parser("add", help="add a member of staff", description="Add a member of staff.")
    add_one.add_argument("sign_in", metavar="SIGN-IN", help="the name typed to sign in")
    add_one.add_argument("--name", help="the name others see (default: the sign-in name)")
    add_one.add_argument("--role", choices=ROLES, required=True)
    add_one.add_argument("--language", choices=("zh", "en"), default="zh")
    password = verbs.add_parser("passwd", help="give a new password", description="Give a member a new password.")
    password.add_argument("sign_in", metavar="SIGN-IN")
    listing = verbs.add_parser("list", help="list all accounts", description="List all accounts.")
    nocode = verbs.add_parser("nocode", help="ask for no code from the phone any more", description="For who has lost the phone and the recovery codes.")
    nocode.add_argument("sign_in", metavar="SIGN-IN")
    for verb in (add_one, password, nocode, listing):
        folder.add_data(verb)


def run(args: Namespace) -> int:
    from app.core.errors import Invalid, Refusal
    from app.core.words import _, speaking
    from app.main import open_clinic

    if args.verb != "add":
        folder.existing(args.data)
    with folder.held(args.data), speaking("en"):
        with folder.opening():
            db = open_clinic(args.data)
        try:
            return {"add": add, "passwd": passwd, "nocode": nocode, "list": show}[args.verb](db, args)
        except Invalid as wrong:
            texts = [m if isinstance(m, tuple) else (m, {}) for m in wrong.errors.values()]
            raise Unready(" ".join(_(text, **params) for text, params in texts), 2) from None
        except Refusal as refusal:
            raise Unready(str(refusal)) from None
        finally:
            db.close()


def add(db, args: Namespace) -> int:
    from app.clinic import staff
    from app.core.access import Role

    new = staff.NewMember(args.sign_in, args.name or args.sign_in, Role(args.role), args.language, ask_password())
    staff.add(db, None, new)
    print(f"{args.sign_in} can sign in now.")
    return 0


def passwd(db, args: Namespace) -> int:
    from app.clinic import staff

    member = somebody(db, args.sign_in)
    staff.reset_password(db, None, member.id, ask_password())
    print(f"{member.sign_in} has a new password and is signed out everywhere.")
    return 0


def nocode(db, args: Namespace) -> int:
    from app.clinic import staff

    member = somebody(db, args.sign_in)
    if not staff.has_second_step(db, member.id):
        raise Unready(f"No code is asked when {member.sign_in} signs in.", 2)
    staff.end_second_step(db, None, member.id)
    print(f"{member.sign_in} signs in with the password alone.")
    return 0


def somebody(db, sign_in: str):
    from app.clinic import staff

    found = [member for member in staff.everyone(db) if member.sign_in.casefold() == sign_in.casefold()]
    if not found:
        raise Unready(f"Nobody signs in as {sign_in}.", 2)
    return found[0]


def show(db, args: Namespace) -> int:
    from app.clinic import staff

    for member in staff.everyone(db):
        print(f"{member.sign_in:20} {member.role:15} {member.language}  {member.name}"
              f"{'  (closed)' if member.disabled else ''}")
    return 0


def ask_password() -> str:
    """Typed twice at a terminal; one line where the input is a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Once more: "):
        raise Unready("The two passwords are not the same.", 2)
    return first
