using System.Text;
using CsCheck;
using OrleansLb.Core.Agents;

namespace OrleansLb.Core.Tests.Agents;

public sealed class AgentReplyLaws
{
    private static readonly string[] Words = ["75%", "0%", "maxconn:7", "ready", "drain", "maint", "up", "down", "failed", "stopped"];

    private static readonly Gen<string[]> GenWords = Gen.Int[0, Words.Length - 1].Select(static i => Words[i]).Array[0, 12];

    [Fact]
    public void NoBytesThrow() => Gen.Byte.Array[0, 3000].Sample(static bytes =>
    {
        var reply = AgentReply.Parse(bytes);
        return reply is { WeightPercent: null or (>= 0 and <= AgentReply.MostPercent), MaxConnections: null or >= 0, UnknownWords: >= 0 }
            && AgentReply.Show(bytes) is { Length: <= 128 } shown && shown.All(static c => c is >= ' ' and <= '~');
    });

    [Fact]
    public void SeparatorsAndCaseSayNothing() => Gen.Select(GenWords, Gen.Int[0, 2].Array[12], Gen.Bool).Sample(static (words, separators, upper) =>
    {
        var plain = string.Join(' ', words);
        var other = string.Concat(words.Select((word, i) => (upper ? word.ToUpperInvariant() : word) + new[] { "\t", ",", " , " }[separators[i]]));
        return Parse(plain) == Parse(other) && Parse(plain).UnknownWords == 0;
    });

    [Fact]
    public void TheLastOfAKindCounts() => GenWords.Sample(static words =>
    {
        var state = words.Aggregate(default(AgentState), static (held, word) => held.After(Parse(word)));
        return state == default(AgentState).After(Parse(string.Join(' ', words)));
    });

    [Fact]
    public void WhatIsNotMentionedStays() => Gen.Select(GenWords, GenWords).Sample(static (before, after) =>
    {
        var held = default(AgentState).After(Parse(string.Join(' ', before)));
        var reply = Parse(string.Join(' ', after));
        var next = held.After(reply);
        return (reply.WeightPercent is not null || next.WeightPercent == held.WeightPercent)
            && (reply.Service is not null || next.Service == held.Service)
            && (reply.IsDown is not null || next.IsDown == held.IsDown);
    });

    private static AgentReply Parse(string line) => AgentReply.Parse(Encoding.ASCII.GetBytes(line));
}
