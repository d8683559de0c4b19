namespace OrleansLb.Admin.Sessions;

/// <summary>One learned session.</summary>
/// <param name="Session">Its key.</param>
/// <param name="Backend">Its backend; <see langword="null"/> when the pool does not have it any more.</param>
/// <param name="Epoch">Number of the binding; another one is another binding. As text, because not every reader of JSON has room for it.</param>
/// <param name="IdleSeconds">Time since a front-end last asked for it, which one in use does every 30 s.</param>
internal sealed record SessionSummary(string Session, string? Backend, string Epoch, double IdleSeconds);
