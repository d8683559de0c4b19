using Xunit.v3;

namespace OrleansLb.Process.Tests;

/// <summary>
/// Tests that hold nobody to seconds. They take the processor time that is left by others: <c>tests/run</c> runs them beside those that do, with less priority, and so
/// neither spoils what the other sees.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PatientAttribute : Attribute, ITraitAttribute
{
    private static readonly KeyValuePair<string, string>[] s_traits = [new("Pace", "Patient")];

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => s_traits;
}
