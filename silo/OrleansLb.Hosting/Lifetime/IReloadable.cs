namespace OrleansLb.Hosting.Lifetime;

/// <summary>Something that reads itself again when the process gets SIGHUP.</summary>
public interface IReloadable
{
    /// <summary>Reads again. A failure keeps what was there before and is reported by the reloadable itself.</summary>
    void Reload();
}
