using System.Text.Json.Serialization;

namespace OrleansLb.Frontend.Snapshots;

[JsonSerializable(typeof(SnapshotContent))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class SnapshotJson : JsonSerializerContext;
