namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Whom a connection is meant for.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Address">Where it goes, for the log.</param>
/// <param name="Host">The name that the certificate must have.</param>
internal readonly record struct MeantBackend(string Pool, string Address, string Host);
