namespace OrleansLb.Contracts;

/// <summary>
/// What a front-end says in its own name. Where its certificate has its id, silos refuse what another one says in that name. What has no such name, such as a question for a table, says nothing
/// of anybody.
/// </summary>
public interface IFromFrontend
{
    /// <summary>Id of the front-end that says it; <see langword="null"/> for what no front-end says.</summary>
    string? FrontendId { get; }
}
