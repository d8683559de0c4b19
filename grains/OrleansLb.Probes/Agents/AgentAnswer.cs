using OrleansLb.Core.Agents;

namespace OrleansLb.Probes.Agents;

/// <summary>What came of asking an agent.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reply">What its words mean; nothing unless it answered.</param>
/// <param name="Said">The line as people may see it; empty unless it answered.</param>
public readonly record struct AgentAnswer(AgentOutcome Outcome, AgentReply Reply, string Said)
{
    /// <summary>Whether it answered.</summary>
    public bool IsAnswered => Outcome is AgentOutcome.Answered or AgentOutcome.UnknownWords;

    internal static AgentAnswer Of(ReadOnlySpan<byte> line)
    {
        var reply = AgentReply.Parse(line);
        return new AgentAnswer(reply.UnknownWords > 0 ? AgentOutcome.UnknownWords : AgentOutcome.Answered, reply, AgentReply.Show(line));
    }

    internal static AgentAnswer None(AgentOutcome outcome) => new(outcome, default, "");
}
