using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace OrleansLb.Configuration.Settings;

/// <summary>
/// One key of the settings with everything below it. It is an <see cref="IConfigurationSection"/> of its own because the
/// framework's in-memory provider looks through all keys for the children of each one: 100,000 routes would take minutes.
/// </summary>
internal sealed class SettingsNode : IConfigurationSection
{
    private static readonly IChangeToken NeverChanges = new CancellationChangeToken(CancellationToken.None);

    private readonly SettingsNode? _parent;
    private Dictionary<string, SettingsNode>? _children;
    private SettingsNode[]? _ordered;
    private HashSet<string>? _removed;

    private SettingsNode(string key, SettingsNode? parent)
    {
        Key = key;
        _parent = parent;
    }

    public string Key { get; }

    public string Path => _parent is null or { _parent: null } ? Key : ConfigurationPath.Combine(_parent.Path, Key);

    public string? Value { get; set; }

    public bool HasChildren => _children is { Count: > 0 };

    /// <summary>The keys directly below, in the order in which configuration lists them (numbers by value).</summary>
    public IReadOnlyList<SettingsNode> Children => _ordered ??= Order();

    [SuppressMessage("Design", "CA1065:Do not raise exceptions in unexpected locations", Justification = "The interface wants a setter; these settings are immutable")]
    string? IConfiguration.this[string key]
    {
        get => Find(key)?.Value;
        set => throw new NotSupportedException("These settings are immutable; build a new document instead.");
    }

    string? IConfigurationSection.Value
    {
        get => Value;
        set => throw new NotSupportedException("These settings are immutable; build a new document instead.");
    }

    public static SettingsNode CreateRoot() => new("", null);

    public SettingsNode? Child(ReadOnlySpan<char> key) =>
        _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var child) ? child : null;

    public SettingsNode? Find(ReadOnlySpan<char> path)
    {
        var node = this;
        foreach (var segment in path.Split(':'))
        {
            node = node.Child(path[segment]);
            if (node is null)
                return null;
        }

        return node;
    }

    public SettingsNode GetOrAdd(ReadOnlySpan<char> key)
    {
        if (Child(key) is { } existing)
            return existing;
        var added = new SettingsNode(key.ToString(), this);
        (_children ??= new Dictionary<string, SettingsNode>(StringComparer.OrdinalIgnoreCase)).Add(added.Key, added);
        _ordered = null;
        return added;
    }

    public void Remove(SettingsNode child)
    {
        _children?.Remove(child.Key);
        _ordered = null;
        (_removed ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(child.Key);
    }

    public bool HasRemoved => _removed is not null;

    public bool WasRemoved(string key) => _removed?.Contains(key) == true;

    public IConfigurationSection GetSection(string key) => Find(key) ?? Missing(key);

    IEnumerable<IConfigurationSection> IConfiguration.GetChildren() => Children;

    public IChangeToken GetReloadToken() => NeverChanges;

    private SettingsNode Missing(string path)
    {
        var node = this;
        foreach (var segment in path.Split(':'))
            node = new SettingsNode(segment, node);
        return node;
    }

    private SettingsNode[] Order()
    {
        if (_children is null)
            return [];
        var ordered = _children.Values.ToArray();
        Array.Sort(ordered, static (left, right) => ConfigurationKeyComparer.Instance.Compare(left.Key, right.Key));
        return ordered;
    }
}
