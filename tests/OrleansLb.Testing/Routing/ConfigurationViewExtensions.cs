using OrleansLb.Configuration;

namespace OrleansLb.Testing.Routing;

/// <summary>Waits for a process to serve a version.</summary>
public static class ConfigurationViewExtensions
{
    /// <summary>Completes with the first configuration of at least this version; fails after half a minute, naming the version.</summary>
    /// <param name="view">The process' view.</param>
    /// <param name="version">The version.</param>
    public static async Task<CompiledConfiguration> Reaches(this IConfigurationView view, long version)
    {
        var reached = new TaskCompletionSource<CompiledConfiguration>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(CompiledConfiguration current)
        {
            if (current.Snapshot.Version >= version)
                reached.TrySetResult(current);
        }

        view.Changed += Look;
        Look(view.Current);
        try
        {
            return await reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Configuration version {version} was not reached; it is {view.Current.Snapshot.Version}.");
        }
        finally
        {
            view.Changed -= Look;
        }
    }
}
