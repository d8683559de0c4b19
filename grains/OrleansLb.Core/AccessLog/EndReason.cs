namespace OrleansLb.Core.AccessLog;

/// <summary>How a request ended: one reason for each, decided once. Their codes are what the access log says; operators search for them, so that none is ever renamed or used again for something else.</summary>
public enum EndReason
{
    /// <summary>It was answered, by whatever status, and its answer is complete.</summary>
    Ok,

    /// <summary>It was sent elsewhere by its route.</summary>
    Redirected,

    /// <summary>Its route answered it by itself.</summary>
    Answered,

    /// <summary>The client left while the request waited for its turn.</summary>
    ClientLeftQueue,

    /// <summary>The client left while its body was sent.</summary>
    ClientLeftRequest,

    /// <summary>The client left before the answer began.</summary>
    ClientLeftWaiting,

    /// <summary>The client left within the answer.</summary>
    ClientLeftAnswer,

    /// <summary>The body of the request is none, is too large, or came too slowly.</summary>
    BadBody,

    /// <summary>The request cannot be read, or in two ways, has a head that is too large or came too slowly, or is not served by anybody.</summary>
    Refused,

    /// <summary>The body is larger than allowed, by its own head.</summary>
    TooLarge,

    /// <summary>The client may not use the route.</summary>
    AccessDenied,

    /// <summary>The route wants somebody that it knows.</summary>
    Unauthorized,

    /// <summary>Nobody could say who it is.</summary>
    AuthUnavailable,

    /// <summary>A rate limit is used up.</summary>
    RateLimited,

    /// <summary>Nobody could say whether a rate limit is used up.</summary>
    LimitUnavailable,

    /// <summary>The front-end has no memory for it.</summary>
    Overload,

    /// <summary>As many requests wait for their pool as may.</summary>
    QueueFull,

    /// <summary>It waited for its turn for as long as it may.</summary>
    QueueTimeout,

    /// <summary>Its session waits for its backend.</summary>
    SessionRefused,

    /// <summary>No route is for it.</summary>
    NoRoute,

    /// <summary>The front-end has no configuration yet.</summary>
    NoConfiguration,

    /// <summary>The pool has no backend that takes it.</summary>
    NoBackend,

    /// <summary>Its pool is closed.</summary>
    Maintenance,

    /// <summary>No connection to the backend could be made.</summary>
    ConnectFailed,

    /// <summary>The backend took no connection in time.</summary>
    ConnectTimeout,

    /// <summary>The backend ended the connection before the answer.</summary>
    BackendReset,

    /// <summary>The backend did not answer in time.</summary>
    BackendTimeout,

    /// <summary>It took longer than its route allows.</summary>
    RouteTimeout,

    /// <summary>The backend broke off within the answer.</summary>
    AnswerBroken,

    /// <summary>The backend stopped within the answer.</summary>
    AnswerTimeout,

    /// <summary>The answer can be read in two ways, or is beyond its limits.</summary>
    AnswerRefused,

    /// <summary>Nothing came through an upgraded connection for too long.</summary>
    TunnelTimeout,

    /// <summary>It was in flight when the time to drain its backend was over.</summary>
    Drained,

    /// <summary>The front-end itself failed.</summary>
    Failed,
}
