namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Why a front-end answers by itself.</summary>
internal enum AnswerKind
{
    /// <summary>The route sends clients elsewhere.</summary>
    Redirect,

    /// <summary>The route has an answer of its own.</summary>
    Response,

    /// <summary>The pool is closed.</summary>
    Maintenance,

    /// <summary>The pool has nobody to serve it.</summary>
    Unavailable,
}
