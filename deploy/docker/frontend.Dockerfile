# A front-end. 8080 carries the traffic, 8095 answers for the process; /data keeps what it needs to start without silos.
# Build from the root of the repository: docker build -f deploy/docker/frontend.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish frontends/OrleansLb.Frontend.Host -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /data
RUN chown "$APP_UID" /data
COPY --from=build /app /app
USER $APP_UID
VOLUME /data
EXPOSE 8080 8095
ENTRYPOINT ["/app/OrleansLb.Frontend.Host"]
