namespace OrleansLb.Testing.Backends;

/// <summary>How a <see cref="SwitchableBackend"/> behaves.</summary>
public enum BackendMode
{
    /// <summary>Answers 200 to everything.</summary>
    Good,

    /// <summary>Answers 503 to everything.</summary>
    Unavailable,

    /// <summary>Answers 500 to everything.</summary>
    Erring,

    /// <summary>Accepts connections and requests and never answers.</summary>
    Hanging,
}
