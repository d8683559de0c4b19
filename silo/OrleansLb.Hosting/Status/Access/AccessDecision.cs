namespace OrleansLb.Hosting.Status.Access;

/// <summary>Who somebody is, or why he is not let in.</summary>
/// <param name="Holder">Who he is; <see langword="null"/> when he is not let in.</param>
/// <param name="Refusal">Why not.</param>
internal readonly record struct AccessDecision(TokenHolder? Holder, StatusRefusal? Refusal)
{
    public static implicit operator AccessDecision(TokenHolder holder) => new(holder, null);

    public static implicit operator AccessDecision(StatusRefusal refusal) => new(null, refusal);
}
