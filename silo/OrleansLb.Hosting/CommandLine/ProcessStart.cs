namespace OrleansLb.Hosting.CommandLine;

/// <summary>What the command line asked for.</summary>
/// <param name="Description">The executable.</param>
/// <param name="ConfigurationFile">Absolute path of the configuration file, or none.</param>
/// <param name="Settings">Settings given as <c>--Section:Key=value</c>, which win over file and environment.</param>
public sealed record ProcessStart(ProcessDescription Description, string? ConfigurationFile, IReadOnlyList<string> Settings);
