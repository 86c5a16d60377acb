from . import cards, policy, portal, public
