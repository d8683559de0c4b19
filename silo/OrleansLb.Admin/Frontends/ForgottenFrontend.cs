namespace OrleansLb.Admin.Frontends;

/// <summary>A front-end for which nothing is set aside any more.</summary>
/// <param name="Forgotten">Its id.</param>
/// <param name="Known">Whether it was known to have vanished.</param>
internal sealed record ForgottenFrontend(string Forgotten, bool Known);
