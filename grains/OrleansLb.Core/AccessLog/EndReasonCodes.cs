using System.Text;

namespace OrleansLb.Core.AccessLog;

/// <summary>What the access log calls them: their names, as <c>client_left_queue</c>.</summary>
public static class EndReasonCodes
{
    private static readonly string[] Texts = [.. Enum.GetNames<EndReason>().Select(ToCode)];
    private static readonly byte[][] Codes = [.. Texts.Select(Encoding.ASCII.GetBytes)];

    /// <summary>The code of a reason, in ASCII.</summary>
    /// <param name="reason">The reason.</param>
    public static ReadOnlySpan<byte> Of(EndReason reason) => Codes[(int)reason];

    /// <summary>The same as text.</summary>
    /// <param name="reason">The reason.</param>
    public static string TextOf(EndReason reason) => Texts[(int)reason];

    private static string ToCode(string name) =>
        string.Concat(name.Select(static (c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
