using System.Globalization;

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>How often a fault is repeated: seldom among all tests, often where its figures are made. What must be true of it is the same.</summary>
internal static class Rounds
{
    public const string Variable = "ORLEANSLB_FAULT_ROUNDS";

    /// <param name="fallback">How often when nobody asks for a number.</param>
    /// <exception cref="FormatException">What is asked for is no number above zero.</exception>
    public static int Count(int fallback) => Read(Environment.GetEnvironmentVariable(Variable), fallback);

    internal static int Read(string? asked, int fallback)
    {
        if (string.IsNullOrEmpty(asked))
            return fallback;
        return int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0
            ? rounds
            : throw new FormatException($"{Variable} is '{asked}', which is no number above zero.");
    }
}
