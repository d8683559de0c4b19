using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;

namespace OrleansLb.Grains.Frontends;

/// <summary>
/// The list of live front-ends, and who departed from it. It is held in memory: each front-end's grain repeats its entry within a quarter of a second, and an activation on
/// another silo goes on from the copy that its silo keeps. So that this lacks nobody, nobody is served who is not in all copies.
/// </summary>
[GrainType("frontend-directory"), KeepAlive]
internal sealed partial class FrontendDirectoryGrain(
    FrontendDirectoryFollower localCopy,
    ILocalSiloDetails silo,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<FrontendDirectoryGrain> logger) : Grain, IFrontendDirectoryGrain
{
    /// <summary>
    /// How long an entry lives without being repeated. Longer than a silo takes to be declared dead, so that the death of the silo
    /// that carries a front-end's grain does not make a living front-end vanish.
    /// </summary>
    private static readonly TimeSpan EntryLifetime = TimeSpan.FromSeconds(5);

    /// <summary>By then every living front-end has registered again with a directory that lost its silo.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    private readonly Guid _identity = Guid.NewGuid();
    private readonly Dictionary<string, ListedFrontend> _entries = new(StringComparer.Ordinal);
    private readonly FrontendDepartures _departures = new(clock);
    private readonly DirectoryCopies _copies = new(clock, silo.SiloAddress);
    private readonly long _activated = clock.GetTimestamp();
    private TimeSpan _knownBefore;
    private bool _isInherited;
    private long _number;
    private long _knownEverywhere;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (localCopy.Current is { List.HasEverybodyServed: true } copy)
            Inherit(copy.List, clock.GetElapsedTime(copy.AskedAt));
        return Task.CompletedTask;
    }

    public ValueTask Announce(FrontendEntry entry)
    {
        var isNew = true;
        if (_entries.TryGetValue(entry.FrontendId, out var known))
        {
            if (known.Entry.Incarnation > entry.Incarnation)
                return default;
            isNew = known.Entry.Incarnation < entry.Incarnation;
            if (isNew)
                _departures.Add(known.Entry, clock.GetElapsedTime(known.Heard), mayBeAlive: false);
        }

        _departures.Returned(entry.FrontendId, entry.Incarnation);
        _entries[entry.FrontendId] = new ListedFrontend(entry, clock.GetTimestamp(), isNew ? ++_number : known.Number);
        return default;
    }

    public ValueTask Remove(string frontendId, long incarnation, bool saidGoodbye)
    {
        if (_entries.TryGetValue(frontendId, out var known) && known.Entry.Incarnation == incarnation)
            Depart(known, mayBeAlive: !saidGoodbye);
        return default;
    }

    public ValueTask<ForgetOutcome> Forget(string frontendId)
    {
        DepartSilent();
        if (_entries.ContainsKey(frontendId))
            return new(ForgetOutcome.Live);
        LogForgotten(logger, frontendId);
        _number++;
        if (_departures.Forget(frontendId))
            return new(ForgetOutcome.Forgotten);
        // Listed as gone, so that ranges which outlived the directory before this one hear of it.
        _departures.AddGone(frontendId);
        return new(ForgetOutcome.Unknown);
    }

    public ValueTask<FrontendList> List()
    {
        DepartSilent();
        _knownEverywhere = Math.Max(_knownEverywhere, Math.Min(_number, _copies.EverywhereUpTo));
        var age = clock.GetElapsedTime(_activated);
        return new(new FrontendList([.. _entries.Values.Select(Aged)], Settled: age >= SettlingTime)
        {
            KnownFor = _knownBefore + age,
            Departures = _departures.List(),
            IsInherited = _isInherited,
            Version = new FrontendListVersion(_identity, _number),
            IsKnownEverywhere = _number == _knownEverywhere,
        });
    }

    public ValueTask<FrontendList> Follow(SiloAddress silo, FrontendListVersion kept)
    {
        _copies.Kept(silo, kept.Directory == _identity ? kept.Number : 0);
        return List();
    }

    // Front-ends must be silent here for as long as anywhere before they count as gone, however old the copy is.
    private void Inherit(FrontendList list, TimeSpan age)
    {
        _number++;
        foreach (var entry in list.Entries)
            _entries[entry.FrontendId] = new ListedFrontend(entry with { SinceProven = entry.SinceProven + age }, _activated, _number);
        _departures.Inherit(list.Departures, age);
        _knownBefore = list.KnownFor + age;
        _isInherited = true;
        LogInherited(logger, list.Entries.Length, list.Departures.Length, age);
    }

    private void DepartSilent()
    {
        foreach (var (_, known) in _entries)
        {
            if (clock.GetElapsedTime(known.Heard) > EntryLifetime)
                Depart(known, mayBeAlive: true);
        }
    }

    private void Depart(ListedFrontend known, bool mayBeAlive)
    {
        _number++;
        _entries.Remove(known.Entry.FrontendId);
        _departures.Add(known.Entry, clock.GetElapsedTime(known.Heard), mayBeAlive);
    }

    private FrontendEntry Aged(ListedFrontend known) => known.Entry with
    {
        SinceProven = known.Entry.SinceProven + clock.GetElapsedTime(known.Heard),
        IsKnownEverywhere = known.Number <= _knownEverywhere,
    };
}
