using System.Text;
using System.Text.RegularExpressions;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Scripts;

/// <summary>A step as it is run: bytes to send, or a way to find in what came the end of what was expected.</summary>
internal abstract class PreparedStep
{
    public static PreparedStep Of(ScriptStep step)
    {
        if (step.Kind == ScriptStepKind.ExpectRegex)
            return new Matching(ProbeRegex.Create(step.Text));
        if (!ProbeText.TryParse(step.Text, out var bytes))
            throw new FormatException($"'{step.Text}' has an escape that is none.");
        return step.Kind == ScriptStepKind.Send ? new Sending(bytes) : new Containing(bytes);
    }

    public sealed class Sending(byte[] bytes) : PreparedStep
    {
        public ReadOnlyMemory<byte> Bytes => bytes;
    }

    public abstract class Expecting : PreparedStep
    {
        /// <summary>Index behind what was expected; negative when it has not come yet.</summary>
        /// <param name="received">What has come since the last step.</param>
        public abstract int EndOfMatch(ReadOnlySpan<byte> received);
    }

    private sealed class Containing(byte[] bytes) : Expecting
    {
        public override int EndOfMatch(ReadOnlySpan<byte> received) => received.IndexOf(bytes) is var at and >= 0 ? at + bytes.Length : -1;
    }

    private sealed class Matching(Regex regex) : Expecting
    {
        public override int EndOfMatch(ReadOnlySpan<byte> received)
        {
            var match = regex.Match(Encoding.Latin1.GetString(received));
            return match.Success ? match.Index + match.Length : -1;
        }
    }
}
