"""The process a backup is made in."""

from app.clinic.backups.running import answer

if __name__ == "__main__":
    answer()
