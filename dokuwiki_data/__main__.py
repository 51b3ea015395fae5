"""``python -m dokuwiki_data`` is the command."""

import sys

from dokuwiki_data.command.main import main

sys.exit(main())
