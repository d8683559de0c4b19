namespace OrleansLb.Hosting.Status.Access;

/// <summary>Somebody who has a token.</summary>
/// <param name="Name">Who, as logs and histories tell it.</param>
/// <param name="Role">What the token is good for.</param>
internal sealed record TokenHolder(string Name, AccessRole Role);
