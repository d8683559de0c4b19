using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OrleansLb.Hosting.Storage;

namespace OrleansLb.Frontend.Snapshots;

/// <summary>
/// One file of the front-end's data folder. It is replaced as a whole and readable by the process' own user only. Trouble with it is
/// logged and counted and never stops the front-end: it goes on as if it had no file, and keeps an unusable one aside for whoever
/// wants to know why.
/// </summary>
/// <param name="options">Where the folder is.</param>
/// <param name="name">Name of the file without its extension.</param>
/// <param name="consequence">What follows when it cannot be written.</param>
/// <param name="metrics">Counts the trouble.</param>
/// <param name="logger">Logger of the file's owner.</param>
internal sealed partial class DataFile(FrontendOptions options, string name, string consequence, DataFileMetrics metrics, ILogger logger)
{
    private const UnixFileMode OwnerReadsAndWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path = Path.Combine(Path.GetFullPath(options.DataDirectory), name + ".json");

    /// <summary>What the file holds; <see langword="null"/> when there is none that can be used.</summary>
    /// <param name="type">How it is written.</param>
    public T? Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            WarnOfReaders();
            return DataEnvelope.Read(File.ReadAllBytes(_path), type);
        }
        catch (InvalidDataException exception)
        {
            Reject(exception.Message);
            return null;
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            metrics.Failed(name, "read");
            LogNotRead(logger, _path, exception.Message);
            return null;
        }
    }

    /// <summary>Puts the file aside because it turned out to be of no use.</summary>
    /// <param name="reason">Why.</param>
    public void Reject(string reason)
    {
        metrics.Failed(name, "read");
        var aside = _path + ".unusable";
        LogRejected(logger, _path, reason, aside);
        try
        {
            File.Move(_path, aside, overwrite: true);
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            LogNotRead(logger, _path, exception.Message);
        }
    }

    /// <summary>Replaces the file as a whole, or not at all.</summary>
    /// <param name="content">What it shall hold.</param>
    /// <param name="type">How it is written.</param>
    /// <returns>Whether the disk has it.</returns>
    public bool TryWrite<T>(T content, JsonTypeInfo<T> type)
    {
        try
        {
            AtomicFile.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Replace(_path, DataEnvelope.Write(content, type).Span);
            return true;
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            metrics.Failed(name, "write");
            LogNotWritten(logger, _path, consequence, exception.Message);
            return false;
        }
    }

    /// <summary>Removes the file for good.</summary>
    /// <returns>Whether the disk has none any more.</returns>
    public bool TryDelete()
    {
        try
        {
            AtomicFile.Delete(_path);
            return true;
        }
        catch (Exception exception) when (IsFileTrouble(exception))
        {
            metrics.Failed(name, "delete");
            LogNotDeleted(logger, _path, exception.Message);
            return false;
        }
    }

    private void WarnOfReaders()
    {
        if ((File.GetUnixFileMode(_path) & ~OwnerReadsAndWrites) != 0)
            LogReadable(logger, _path);
    }

    private static bool IsFileTrouble(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
