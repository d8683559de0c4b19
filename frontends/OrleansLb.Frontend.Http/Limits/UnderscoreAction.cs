namespace OrleansLb.Frontend.Http.Limits;

/// <summary>What becomes of fields with an underscore in their names, which many backends take for the same field with a hyphen: a client could say by one what it may not say by the other.</summary>
public enum UnderscoreAction
{
    /// <summary>The request is refused.</summary>
    Reject,

    /// <summary>The field is not passed on.</summary>
    Drop,

    /// <summary>The field is passed on.</summary>
    Allow,
}
