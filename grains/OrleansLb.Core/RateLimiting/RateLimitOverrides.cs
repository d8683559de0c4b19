using System.Collections.Frozen;

namespace OrleansLb.Core.RateLimiting;

/// <summary>Keys of a policy that have numbers of their own, by the name of the policy that has those. Two are equal when they say the same.</summary>
public sealed class RateLimitOverrides : IEquatable<RateLimitOverrides>
{
    private readonly FrozenDictionary<RateLimitKey, string> _policies;

    private RateLimitOverrides(FrozenDictionary<RateLimitKey, string> policies) => _policies = policies;

    /// <summary>No key has any.</summary>
    public static RateLimitOverrides None { get; } = new(FrozenDictionary<RateLimitKey, string>.Empty);

    /// <summary>Some keys have.</summary>
    /// <param name="policies">Names of policies by key.</param>
    public static RateLimitOverrides Of(IReadOnlyDictionary<RateLimitKey, string> policies) => new(policies.ToFrozenDictionary());

    /// <summary>Name of the policy that counts a key; <see langword="null"/> for the policy that these are overrides of.</summary>
    /// <param name="key">The key.</param>
    public string? Find(RateLimitKey key) => _policies.Count == 0 ? null : _policies.GetValueOrDefault(key);

    /// <inheritdoc/>
    public bool Equals(RateLimitOverrides? other) => other is not null && _policies.Count == other._policies.Count
        && _policies.All(pair => other._policies.TryGetValue(pair.Key, out var name) && name == pair.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RateLimitOverrides);

    /// <inheritdoc/>
    public override int GetHashCode() => _policies.Count;
}
