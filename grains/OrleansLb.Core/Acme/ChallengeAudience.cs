namespace OrleansLb.Core.Acme;

/// <summary>
/// Who may be asked by an authority, and who has the answer: it asks any front-end, and a challenge that one of them cannot answer has failed. Front-ends ask once a second for what is new, and say what they have. For one caller
/// at a time; times are those of any one clock that only goes forward.
/// </summary>
public sealed class ChallengeAudience
{
    /// <summary>Who has not asked for as long is not there, or does not hear the cluster: nobody waits for him.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>By then everybody who is there has asked at least once since something was published.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, (string Stamp, TimeSpan At)> _heard = new(StringComparer.Ordinal);
    private string _stamp = "";
    private TimeSpan _since;

    /// <summary>Something is published in the place of what was before.</summary>
    /// <param name="stamp">Its name.</param>
    /// <param name="now">The time.</param>
    public void Publish(string stamp, TimeSpan now)
    {
        if (stamp == _stamp)
            return;
        (_stamp, _since) = (stamp, now);
    }

    /// <summary>Somebody asked.</summary>
    /// <param name="frontend">Who.</param>
    /// <param name="stamp">The name of what he has.</param>
    /// <param name="now">The time.</param>
    public void Hear(string frontend, string stamp, TimeSpan now) => _heard[frontend] = (stamp, now);

    /// <summary>Whether anybody is there.</summary>
    /// <param name="now">The time.</param>
    public bool IsThere(TimeSpan now)
    {
        foreach (var (frontend, _) in _heard.Where(one => now - one.Value.At > Patience).ToArray())
            _heard.Remove(frontend);
        return _heard.Count > 0;
    }

    /// <summary>Whether somebody is there, and all who are have what is published.</summary>
    /// <param name="now">The time.</param>
    public bool Knows(TimeSpan now) => now - _since >= Settling && IsThere(now) && _heard.Values.All(one => one.Stamp == _stamp);
}
