namespace OrleansLb.Core.Sessions;

/// <summary>Which backend a session is bound to.</summary>
/// <param name="Backend">The backend, in one generation; <see cref="Nobody"/> when the binding was revoked.</param>
/// <param name="Epoch">
/// Number of this binding on the one line of numbers that its range counts, over all activations: no two bindings of a session ever have the same, and
/// the higher one is in force. 0 for what a front-end decided alone.
/// </param>
public readonly record struct SessionBinding(BackendKey Backend, long Epoch)
{
    /// <summary>The backend of a session that is bound to none.</summary>
    public static BackendKey Nobody => default;

    /// <summary>Whether there is a backend.</summary>
    public bool IsBound => Backend != Nobody;
}
