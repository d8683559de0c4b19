namespace OrleansLb.Hosting.Settings;

/// <summary>What reading the configuration file again led to.</summary>
/// <param name="Changed">Whether new values are served.</param>
/// <param name="Error">Why the file was refused; the values from before are still served then.</param>
internal readonly record struct ReloadOutcome(bool Changed, string? Error);
