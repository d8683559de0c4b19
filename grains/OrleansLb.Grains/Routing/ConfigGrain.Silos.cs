using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>
/// What the grain hears before it gives its first number. A store can be lost or set back under running silos, and an activation that
/// starts from it cannot tell. Numbers above the stored one may then be in force somewhere: giving one of them to another configuration
/// would give it two meanings. So all silos are asked first, and what they follow is taken back under the number that it has.
/// </summary>
internal sealed partial class ConfigGrain
{
    private bool _heardEverybody;
    private long _hearingSince;

    /// <summary>What is stored counts as doubtful from now on.</summary>
    private void HearAnew()
    {
        _heardEverybody = false;
        _hearingSince = clock.GetTimestamp();
    }

    /// <summary>
    /// Whether a number may be given. A silo is waited for until it answers or is declared dead; the front-ends until the directory has
    /// settled, or until it should have.
    /// </summary>
    private async Task<bool> HearEverybody(TimeSpan patience)
    {
        var started = clock.GetTimestamp();
        while (!_heardEverybody && !(_heardEverybody = await HearOnce()) && clock.GetElapsedTime(started) < patience)
            await Task.Delay(HearingPeriod, clock);
        return _heardEverybody;
    }

    private async Task<bool> HearOnce()
    {
        var frontends = await Hear();
        var silos = await witnesses.Ask(_state.Version);
        _highestHeard = Math.Max(_highestHeard, silos.HighestVersion);
        var isSettled = frontends.Settled || clock.GetElapsedTime(_hearingSince) >= LongestHearing;
        // One that this silo cannot compile is not taken back, but its number counts as heard.
        var isTakenBack = silos.Newest is not { } document || (await Restore(document)).Outcome != SubmitOutcome.NotStored;
        return isTakenBack && silos.IsEverybody && isSettled;
    }
}
