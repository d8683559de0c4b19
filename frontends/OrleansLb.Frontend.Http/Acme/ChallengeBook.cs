using System.Collections.Frozen;
using OrleansLb.Contracts.Acme;
using OrleansLb.Core.Acme;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>
/// What authorities are answered that ask whether a name is the cluster's. All front-ends have all of it before an authority is told to ask, so that no request of a stranger makes anybody ask a grain. Reading is thread-safe.
/// </summary>
internal sealed class ChallengeBook
{
    private static readonly FrozenDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    private volatile FrozenDictionary<string, string> _answers = Nothing;

    /// <summary>Tells what is in it from what was before; empty for nothing.</summary>
    public string Stamp { get; private set; } = "";

    /// <summary>Takes what the cluster says in the place of what was before; for one caller at a time.</summary>
    /// <param name="challenges">All that are open.</param>
    public void Take(AcmeChallenges challenges) => (_answers, Stamp) = (challenges.Answers.ToFrozenDictionary(StringComparer.Ordinal), challenges.Stamp);

    /// <summary>Forgets all; for one caller at a time.</summary>
    public void Clear() => (_answers, Stamp) = (Nothing, "");

    /// <summary>What is answered at a path.</summary>
    /// <param name="path">Path of a request.</param>
    /// <returns><see langword="null"/> when it is not for this.</returns>
    public string? Find(string? path)
    {
        var answers = _answers;
        return answers.Count > 0 && path is not null && path.StartsWith(AcmeChallenge.Path, StringComparison.Ordinal)
            ? answers.GetValueOrDefault(path[AcmeChallenge.Path.Length..])
            : null;
    }
}
