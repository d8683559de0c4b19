namespace OrleansLb.Configuration;

/// <summary>Calls the handlers of a change that is in force already, so that one that fails is no reason to keep it from the others.</summary>
public static class ChangeHandlers
{
    /// <summary>Calls every handler, in the order of their subscription.</summary>
    /// <param name="handlers">The event's delegate; <see langword="null"/> for no handler.</param>
    /// <param name="change">What changed.</param>
    /// <param name="failed">Told which type's handler threw what. A handler that threw goes on with what it had, until the next change.</param>
    public static void Notify<T>(this Action<T>? handlers, T change, Action<string, Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(change);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                failed(handler.Method.DeclaringType?.FullName ?? handler.Method.Name, exception);
            }
        }
    }
}
