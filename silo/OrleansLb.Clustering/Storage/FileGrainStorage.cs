using System.Buffers;
using System.IO.Hashing;
using System.Text;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansLb.Hosting.Storage;

namespace OrleansLb.Clustering.Storage;

/// <summary>
/// Grain state in one file a grain, for a cluster of one silo. A write is complete or has not happened, and once it is acknowledged it
/// survives a crash of the machine.
/// </summary>
internal sealed class FileGrainStorage : IGrainStorage
{
    private readonly string _directory;
    private readonly Serializer _serializer;

    public FileGrainStorage(string directory, Serializer serializer)
    {
        _directory = Path.GetFullPath(directory);
        _serializer = serializer;
        AtomicFile.CreateDirectory(_directory);
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        if (!File.Exists(path))
        {
            Reset(grainState);
            return;
        }

        var bytes = await File.ReadAllBytesAsync(path);
        grainState.State = _serializer.Deserialize<T>(bytes) ?? Activator.CreateInstance<T>();
        grainState.ETag = EtagOf(bytes);
        grainState.RecordExists = true;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        await RequireUnchanged(path, grainState.ETag);
        var buffer = new ArrayBufferWriter<byte>();
        _serializer.Serialize(grainState.State, buffer);
        AtomicFile.Replace(path, buffer.WrittenSpan);
        grainState.ETag = EtagOf(buffer.WrittenSpan);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var path = PathOf(stateName, grainId);
        await RequireUnchanged(path, grainState.ETag);
        AtomicFile.Delete(path);
        Reset(grainState);
    }

    private static async Task RequireUnchanged(string path, string? expected)
    {
        var stored = File.Exists(path) ? EtagOf(await File.ReadAllBytesAsync(path)) : null;
        if (stored != expected)
            throw new InconsistentStateException($"{path} was changed by somebody else.", stored ?? "none", expected ?? "none");
    }

    private static void Reset<T>(IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string EtagOf(ReadOnlySpan<byte> bytes) => Convert.ToHexString(XxHash3.Hash(bytes));

    /// <summary>Readable where the key allows it, and never the same for two grains: the hash tells apart what cleaning made alike.</summary>
    private string PathOf(string stateName, GrainId grainId)
    {
        var id = $"{stateName}-{grainId}";
        var readable = string.Concat(id.Take(80).Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));
        return Path.Combine(_directory, $"{readable}-{Convert.ToHexString(XxHash3.Hash(Encoding.UTF8.GetBytes(id)))}.state");
    }
}
