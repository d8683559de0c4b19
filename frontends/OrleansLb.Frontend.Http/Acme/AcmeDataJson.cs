using System.Text.Json.Serialization;

namespace OrleansLb.Frontend.Http.Acme;

[JsonSerializable(typeof(StoredCertificates))]
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
internal sealed partial class AcmeDataJson : JsonSerializerContext;
