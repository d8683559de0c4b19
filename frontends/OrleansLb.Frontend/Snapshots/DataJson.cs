using System.Text.Json.Serialization;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Snapshots;

[JsonSerializable(typeof(SnapshotContent))]
[JsonSerializable(typeof(StoredIncarnation))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class DataJson : JsonSerializerContext;
