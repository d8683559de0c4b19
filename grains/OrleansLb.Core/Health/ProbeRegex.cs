using System.Text.RegularExpressions;

namespace OrleansLb.Core.Health;

/// <summary>Regular expressions for what backends answer: without backtracking, so that no answer can make them take long.</summary>
public static class ProbeRegex
{
    /// <summary>Makes an expression.</summary>
    /// <param name="pattern">Its pattern in the language of .NET, without look-arounds, back-references and atomic groups.</param>
    /// <exception cref="FormatException">There is no such expression; the message says why.</exception>
    public static Regex Create(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new FormatException(fault.Message, fault);
        }
    }
}
