# The toolset arr, against stand-ins for Sonarr, Radarr and Prowlarr.
. "$HL_TOP/tests/tap.sh"
. "$HL_TOP/tests/ops.sh"
. "$HL_TOP/tests/toolsets.sh"
toolsets_begin
serve arr.py sonarr.log sonarr
SONARR_URL=http://127.0.0.1:$said
serve arr.py radarr.log radarr
RADARR_URL=http://127.0.0.1:$said
serve arr.py prowlarr.log prowlarr
PROWLARR_URL=http://127.0.0.1:$said
HL_SECRET_SONARR_KEY=key-0815-sonarr HL_SECRET_RADARR_KEY=key-0815-radarr HL_SECRET_PROWLARR_KEY=key-0815-prowlarr
export SONARR_URL RADARR_URL PROWLARR_URL HL_SECRET_SONARR_KEY HL_SECRET_RADARR_KEY HL_SECRET_PROWLARR_KEY

for app in sonarr radarr prowlarr; do
	reads $app.ping
	reads $app.status
	sees '.data.appName | ascii_downcase' $app "$app says who it is"
	reads $app.health
	sees '.data.items[0].type' warning 'what it complains of'
done
for app in sonarr radarr; do
	reads $app.diskspace
	reads $app.root_folders
	sees '.data.items[0].path' /media 'a root folder'
	reads $app.quality_profiles
	sees '.data.items[0].id' 4 'a quality profile'
	reads $app.queue
	sees '.data.items | length' 120 'the whole queue, of two pages'
	is "$(grep -c 'GET /api/v3/queue?' $app.log)" 2 'in two requests'
	reads $app.queue_status
	sees .data.totalCount 120 'how long the queue is'
	reads $app.search 'term=A & B/C'
	sees '.data.items[0].title' 'A & B/C' 'what is looked up is one parameter'
	reads $app.missing
	sees '.data.items[0].title' 'not there' 'what is wanted'
	reads $app.history count=20
	sees '.data.items | length' 20 'the history, as much of it as was asked for'
	reads $app.calendar start=2026-11-21 end=2026-11-28
	refused $app.calendar start=tomorrow end=2026-11-28
	acts $app.grab 'guid=http://x/1?a=b&c=d' indexer=1
	called '[]' $app.grab guid=unknown indexer=1
	like "$(jq -r '.outcome.steps[0].error' out)" 'cache timeout' 'a release that is not known any more'
	acts $app.queue_grab id=3
	acts $app.queue_remove id=3 blocklist=true
	like "$(grep DELETE $app.log)" 'removeFromClient=true' 'it goes from the downloader too'
	like "$(grep DELETE $app.log)" 'blocklist=true' 'and is not taken again'
	reads $app.queue
	sees '.data.items | length' 119 'it is gone'
	called '[]' $app.queue_remove id=3
	sees .outcome.result failed 'what is gone cannot be removed'
	acts $app.command name=RssSync
	is "$(grep -c 'GET /api/v3/command/' $app.log)" 2 'a command is waited for until it has ended'
	called '[]' $app.command name=Backup
	like "$(jq -r '.outcome.steps[0].error' out)" 'Unknown command' 'a command that is not known'
	run hl-tool describe $app.command
	unlike "$(cat out)" 'ResetApiKey\|Shutdown\|ApplicationUpdate' 'some are not offered'
done
reads sonarr.series
reads sonarr.one_series id=1
sees .data.title One 'one series'
fails sonarr.one_series id=99
reads sonarr.releases episode=7
reads radarr.movies
reads radarr.movie id=1
reads radarr.releases movie=7
acts sonarr.add tvdb_id=71663 title='A new one' quality_profile=4 root_folder=/media
called '[]' sonarr.add tvdb_id=71663 title='A new one' quality_profile=4 root_folder=/media
like "$(jq -r '.outcome.steps[0].error' out)" 'already been added' 'the list of what is wrong is told'
acts radarr.add tmdb_id=71663 title='A new one' quality_profile=4 root_folder=/media
acts sonarr.search_one series=1
acts sonarr.search_season series=1 season=2
acts sonarr.refresh series=1
like "$(grep RefreshSeries sonarr.log)" '"seriesIds": *\[1\]' 'a number stays a number'
called '[]' sonarr.search_one series=13
sees .outcome.result failed 'a command that failed is a failure, although it was queued with 201'
acts radarr.search_one movie=1
acts radarr.refresh movie=1
reads prowlarr.indexers
reads prowlarr.indexer_status
sees '.data.items[0].indexerId' 1 'an indexer that is left alone'
reads prowlarr.indexer_stats
reads prowlarr.search query=ubuntu
sees '.data.items[0].title' ubuntu 'what the indexers have'
acts prowlarr.command name=ApplicationIndexerSync
like "$(tail -n 1 prowlarr.log)" 'GET /api/v1/command/1' 'Prowlarr is version 1'

HL_SECRET_SONARR_KEY=wrong-4711
fails sonarr.status
like "$(jq -r .error out)" 'Unauthorized' 'a key that is not good'
is "$(grep -rlE '(token|key|secret|plex|tautulli|wrong)-(0815|4711)|uk1_0815' out err planned approved state ops)" '' 'the keys are nowhere'
covered arr
done_testing
