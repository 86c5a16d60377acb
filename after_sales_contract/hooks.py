def uninstall_hook(env):
    """Tariffs are made for each company, without an external id: they go first, or our service products stay."""
    env["after.sales.tariff"].with_context(active_test=False).search([]).unlink()
