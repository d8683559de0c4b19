using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Hosting;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>The files that answers are made of, of one folder. A file is known for as long as an answer is made of it.</summary>
internal sealed partial class PageLibrary(IOptions<HttpFrontendOptions> options, IOptions<FrontendOptions> frontend, PageMetrics metrics, ILogger<PageLibrary> logger)
{
    private const string UsualFolder = "pages";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, WeakReference<PageFile>> _files = new(StringComparer.Ordinal);

    private string Folder => options.Value.PagesDirectory is { Length: > 0 } folder ? folder : Path.Combine(frontend.Value.DataDirectory, UsualFolder);

    /// <summary>A file, read if it can be.</summary>
    /// <param name="name">Its name below the folder.</param>
    public PageFile Get(string name)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(name, out var known) && known.TryGetTarget(out var file))
                return file;
            file = new PageFile(Path.Combine(Folder, name));
            _files[name] = new WeakReference<PageFile>(file);
            Report(file.Look());
            return file;
        }
    }

    /// <summary>Reads what has changed, and forgets what nobody has any more.</summary>
    public void Look()
    {
        lock (_lock)
        {
            foreach (var (name, reference) in _files)
            {
                if (reference.TryGetTarget(out var file))
                    Report(file.Look());
                else
                    _files.Remove(name);
            }
        }
    }

    private void Report(PageRead? read)
    {
        if (read is null)
            return;
        metrics.Read(read.Fault is null);
        if (read.Fault is { } fault)
            LogUnreadable(logger, read.Path, fault);
        else
            LogRead(logger, read.Path);
    }
}
