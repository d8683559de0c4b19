using System.Text.Json.Serialization;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Registration;

namespace OrleansLb.Frontend.Snapshots;

[JsonSerializable(typeof(SnapshotContent))]
[JsonSerializable(typeof(StoredIncarnation))]
[JsonSerializable(typeof(StoredShare))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class DataJson : JsonSerializerContext;
