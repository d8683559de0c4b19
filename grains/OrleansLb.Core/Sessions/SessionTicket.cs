namespace OrleansLb.Core.Sessions;

/// <summary>What a front-end notes before it asks a range.</summary>
/// <param name="Recalls">How often new activations had asked it what it knows: an answer from before the last time is not acted upon.</param>
/// <param name="AskedAt">When it asked: the answer is at most as old.</param>
public readonly record struct SessionTicket(int Recalls, TimeSpan AskedAt);
