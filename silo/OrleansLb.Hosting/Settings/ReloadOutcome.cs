namespace OrleansLb.Hosting.Settings;

/// <summary>What reading the configuration file again led to.</summary>
/// <param name="Changed">Whether new values are served.</param>
/// <param name="Error">Why the file was refused, and the values from before are still served; or, if new ones are, what parts of the process could not take.</param>
internal readonly record struct ReloadOutcome(bool Changed, string? Error);
